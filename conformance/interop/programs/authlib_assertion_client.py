"""private_key_jwt (RFC 7523) with Authlib. Settings come from the environment."""
import os

# Read when it is loaded.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import ClientSecretJWT, PrivateKeyJWT

env = os.environ
method = env["OAUTH2_AUTH_METHOD"]
token_endpoint = env["OAUTH2_TOKEN"]
# Without an audience it names the token endpoint.
audience = {"claims": {"aud": env["OAUTH2_AUDIENCE"]}} if "OAUTH2_AUDIENCE" in env else {}
kind = PrivateKeyJWT if method == "private_key_jwt" else ClientSecretJWT
auth = kind(token_endpoint, alg=env["OAUTH2_ALG"], **audience)
client = OAuth2Session(env["OAUTH2_CLIENT_ID"], env["OAUTH2_CLIENT_SECRET"], token_endpoint_auth_method=auth)
token = client.fetch_token(token_endpoint, grant_type="client_credentials", scope="read")
print("SCOPE " + token["scope"], flush=True)
