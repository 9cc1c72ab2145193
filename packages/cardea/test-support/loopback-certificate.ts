/**
 * Self-signed for localhost, 127.0.0.1, keys.example and issuer.example, good from 2020 to 2100 and for tests only: the
 * key is public by being here.
 */
export const loopbackCertificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBbjCCARWgAwIBAgIIAY25edV/QW8wCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJ
bG9jYWxob3N0MCIYDzIwMjAwMTAxMDAwMDAwWhgPMjEwMDAxMDEwMDAwMDBaMBQx
EjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKb5
RPjF11er1X5Rq1xB1Zh3iiCtg8DnTZ2k6BV/RqUnzg3u3tK+XgVvuoG/yrPYe6H2
m42Kga5+fNEHvNguE0OjTTBLMA8GA1UdEwEB/wQFMAMBAf8wOAYDVR0RBDEwL4IJ
bG9jYWxob3N0ggxrZXlzLmV4YW1wbGWCDmlzc3Vlci5leGFtcGxlhwR/AAABMAoG
CCqGSM49BAMCA0cAMEQCIG2zhixQ5a1+8S8URBif0Xa2eHV850T+23ttkggXsu4g
AiA2gBARRTXG8u9n2v+YbIiilMGpx/NkHNFkmyd2DjyrKw==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAw+Tvcb6mIgSgIu4
/akv1M10uDaHKhEYTR8ac/uU1LqhRANCAASm+UT4xddXq9V+UatcQdWYd4ogrYPA
502dpOgVf0alJ84N7t7Svl4Fb7qBv8qz2Huh9puNioGufnzRB7zYLhND
-----END PRIVATE KEY-----
`,
} as const
