/**
 * Self-signed for localhost, 127.0.0.1, keys.example and issuer.example, good for a hundred years and for tests only: the
 * key is public by being here.
 */
export const loopbackCertificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBvDCCAWGgAwIBAgIUaNGtmO8yuasjnqcfpqYPnZgi9nwwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjE0MzgzMVoYDzIxMjYxMDI5
MTQzODMxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASm+UT4xddXq9V+UatcQdWYd4ogrYPA502dpOgVf0alJ84N7t7Svl4F
b7qBv8qz2Huh9puNioGufnzRB7zYLhNDo4GOMIGLMB0GA1UdDgQWBBSkty9BJ7Xp
pUASTs3HUD8Na1bu6jAfBgNVHSMEGDAWgBSkty9BJ7XppUASTs3HUD8Na1bu6jAP
BgNVHRMBAf8EBTADAQH/MDgGA1UdEQQxMC+CCWxvY2FsaG9zdIIMa2V5cy5leGFt
cGxlgg5pc3N1ZXIuZXhhbXBsZYcEfwAAATAKBggqhkjOPQQDAgNJADBGAiEA5AZO
om0Nnh50+yS5Em8+9yQbkOuTXgYnykRM+FxHrB8CIQDRqiyleX+ifqB+4IDlJmpI
zEXdqMt3xirXQcLCXFNByA==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAw+Tvcb6mIgSgIu4
/akv1M10uDaHKhEYTR8ac/uU1LqhRANCAASm+UT4xddXq9V+UatcQdWYd4ogrYPA
502dpOgVf0alJ84N7t7Svl4Fb7qBv8qz2Huh9puNioGufnzRB7zYLhND
-----END PRIVATE KEY-----
`,
} as const
