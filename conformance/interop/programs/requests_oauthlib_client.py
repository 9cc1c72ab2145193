"""Three legs and two signed requests with requests-oauthlib. Settings come from the environment."""
import json
import os
import sys

from requests_oauthlib import OAuth1Session

env = os.environ
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
parameters = [tuple(pair) for pair in json.loads(env["OAUTH1_PARAMETERS"])]
method = env["OAUTH1_METHOD"]
place = {"header": "AUTH_HEADER", "query": "QUERY", "body": "BODY"}[env["OAUTH1_PLACE"]]


def session(**more):
    return OAuth1Session(
        env["OAUTH1_KEY"],
        client_secret=env["OAUTH1_SECRET"],
        rsa_key=env["OAUTH1_RSA_KEY"] if method.startswith("RSA") else None,
        signature_method=method,
        signature_type=place,
        **more,
    )


# In the body, the library signs forms only, so that one has to be there.
form = {"headers": {"Content-Type": "application/x-www-form-urlencoded"}} if place == "BODY" else {}
first = session(callback_uri=env["OAUTH1_CALLBACK"])
temporary = first.fetch_request_token(env["OAUTH1_INITIATE"], **form)
print("AUTHORIZE " + first.authorization_url(env["OAUTH1_AUTHORIZE"]), flush=True)
verifier = sys.stdin.readline().strip()
second = session(
    resource_owner_key=temporary["oauth_token"],
    resource_owner_secret=temporary["oauth_token_secret"],
    verifier=verifier,
)
token = second.fetch_access_token(env["OAUTH1_TOKEN"], **form)
client = session(resource_owner_key=token["oauth_token"], resource_owner_secret=token["oauth_token_secret"])
if place != "BODY":
    print("RESULT " + client.get(env["OAUTH1_RESOURCE"], params=parameters).text, flush=True)
print("RESULT " + client.post(env["OAUTH1_RESOURCE"], data=parameters).text, flush=True)
