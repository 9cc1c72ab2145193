"""The device grant (RFC 8628) with Authlib. Settings come from the environment."""
import os
import sys

# Read when it is loaded.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

env = os.environ
grant_type = "urn:ietf:params:oauth:grant-type:device_code"
client = OAuth2Session(
    env["OAUTH2_CLIENT_ID"],
    env["OAUTH2_CLIENT_SECRET"],
    token_endpoint_auth_method="client_secret_basic",
)
device = client.post(
    env["OAUTH2_DEVICE_AUTHORIZATION"],
    data={"scope": "read"},
    auth=(env["OAUTH2_CLIENT_ID"], env["OAUTH2_CLIENT_SECRET"]),
    withhold_token=True,
).json()


def poll():
    return client.fetch_token(env["OAUTH2_TOKEN"], grant_type=grant_type, device_code=device["device_code"])


try:
    poll()
except AuthlibBaseError as error:
    print("REFUSED " + error.error, flush=True)
print("DEVICE {verification_uri} {user_code}".format(**device), flush=True)
sys.stdin.readline()
print("SCOPE " + poll()["scope"], flush=True)
print("RESULT " + client.get(env["OAUTH2_RESOURCE"]).text, flush=True)
