"""Three legs and two signed requests with Authlib. Settings come from the environment."""
import json
import os
import sys

# Read when it is loaded.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
from authlib.integrations.requests_client import OAuth1Session

env = os.environ
parameters = [tuple(pair) for pair in json.loads(env["OAUTH1_PARAMETERS"])]
method = env["OAUTH1_METHOD"]
place = {"header": "HEADER", "query": "QUERY", "body": "BODY"}[env["OAUTH1_PLACE"]]


def session(**more):
    return OAuth1Session(
        env["OAUTH1_KEY"],
        client_secret=env["OAUTH1_SECRET"],
        rsa_key=env["OAUTH1_RSA_KEY"] if method.startswith("RSA") else None,
        signature_method=method,
        signature_type=place,
        **more,
    )


first = session(redirect_uri=env["OAUTH1_CALLBACK"])
temporary = first.fetch_request_token(env["OAUTH1_INITIATE"])
print("AUTHORIZE " + first.create_authorization_url(env["OAUTH1_AUTHORIZE"]), flush=True)
verifier = sys.stdin.readline().strip()
second = session(token=temporary["oauth_token"], token_secret=temporary["oauth_token_secret"])
token = second.fetch_access_token(env["OAUTH1_TOKEN"], verifier)
client = session(token=token["oauth_token"], token_secret=token["oauth_token_secret"])
if place != "BODY":
    print("RESULT " + client.get(env["OAUTH1_RESOURCE"], params=parameters).text, flush=True)
print("RESULT " + client.post(env["OAUTH1_RESOURCE"], data=parameters).text, flush=True)
