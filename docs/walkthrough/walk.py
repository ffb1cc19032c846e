"""A customer is onboarded with Python's standard library.

CYCLR_URL=http://127.0.0.1:8070 python3 docs/walkthrough/walk.py ACCOUNT
"""

import json
import os
import sys
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

URL = os.environ.get("CYCLR_URL", "http://127.0.0.1:8070")
ACCOUNT = sys.argv[1] if len(sys.argv) > 1 else "acme-py"

# 1. A token. It lasts fourteen days.
form = {
    "grant_type": "client_credentials",
    "client_id": os.environ.get("CYCLR_CLIENT_ID", "demo"),
    "client_secret": os.environ.get("CYCLR_CLIENT_SECRET", "demo-secret"),
}
with urlopen(f"{URL}/oauth/token", data=urlencode(form).encode()) as answer:
    TOKEN = json.load(answer)["access_token"]


def call(method, path, body=None):
    """Every call names the account in a header; calls about accounts themselves tolerate it."""
    request = Request(f"{URL}/v1.0{path}", method=method)
    request.add_header("Authorization", f"Bearer {TOKEN}")
    request.add_header("X-Cyclr-Account", ACCOUNT)
    if body is not None:
        request.add_header("Content-Type", "application/json")
        request.data = json.dumps(body).encode()
    with urlopen(request) as answer:
        return json.load(answer)


# 2. The account. The id is your own; without one, Cyclr makes one up.
call("POST", "/accounts", {"Id": ACCOUNT, "Name": "Acme Ltd"})

# 3. Its connectors, by name; spaces are percent-encoded.
pipedrive = call("POST", "/connectors/Pipedrive/install", {})
subdomain = {"Name": "Subdomain", "Value": "acme"}
harbour = call("POST", f"/connectors/{quote('Harbour CRM')}/install", {"Properties": [subdomain]})

# 4. The template, which becomes a paused cycle that uses them.
templates = call("GET", "/templates?tag=sales&page=1&pageSize=100")
template = next(one for one in templates if one["Name"] == "Pipedrive > Harbour CRM")
cycle = call("POST", f"/templates/{template['Id']}/install", {})
bound = {one["AccountConnectorId"] for one in cycle["Connectors"]}
assert bound == {pipedrive["Id"], harbour["Id"]}, "the cycle uses other connectors"

# 5. The credentials: for an API key, the key itself.
call("PUT", f"/account/connectors/{pipedrive['Id']}", {"AuthValue": "a-pipedrive-key"})
call("PUT", f"/account/connectors/{harbour['Id']}", {"AuthValue": "a-harbour-key"})

# 6. What the template leaves open: one parameter and one field of its second step.
steps = call("GET", f"/cycles/{cycle['Id']}/steps")
step = next(one for one in steps if one["Name"] == "Create Opportunity")["Id"]
for kind, target, name, value in [
    ("parameters", "Parameter", "Pipeline", "New business"),
    ("fieldmappings", "Field", "Title", "From Pipedrive"),
]:
    mappings = call("GET", f"/steps/{step}/{kind}")
    found = next(one[target]["Id"] for one in mappings if one[target]["Name"] == name)
    call("PUT", f"/steps/{step}/{kind}/{found}", {"MappingType": "StaticValue", "Value": value})

# 7. Nothing is left to do: it can run every hour.
left = call("GET", f"/cycles/{cycle['Id']}/prerequisites")
if left:
    sys.exit(f"still to do: {left}")
call("PUT", f"/cycles/{cycle['Id']}/activate", {"Interval": 60})
cycle = call("GET", f"/cycles/{cycle['Id']}")
print(f"{ACCOUNT}: {cycle['Name']} is {cycle['Status']}")
