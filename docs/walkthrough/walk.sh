#!/usr/bin/env bash
# A customer is onboarded with curl: account, connectors, template, credentials, mappings, start.
#
#   CYCLR_URL=http://127.0.0.1:8070 docs/walkthrough/walk.sh ACCOUNT
set -euo pipefail
url="${CYCLR_URL:-http://127.0.0.1:8070}"
account="${1:-acme-sh}"

# Picks a part of the JSON on standard input: an expression of Python on `it`.
pick() { python3 -c "import json, sys; it = json.load(sys.stdin); print($1)"; }

# 1. A token. It lasts fourteen days.
token="$(curl --silent --show-error --fail-with-body "$url/oauth/token" \
  --data grant_type=client_credentials \
  --data client_id="${CYCLR_CLIENT_ID:-demo}" \
  --data client_secret="${CYCLR_CLIENT_SECRET:-demo-secret}" | pick 'it["access_token"]')"

# Every later call names the account in a header; calls about accounts themselves tolerate it.
call() {
  local method="$1" path="$2" body="${3:-}"
  local options=(--silent --show-error --fail-with-body --request "$method"
    --header "Authorization: Bearer $token" --header "X-Cyclr-Account: $account")
  if [ -n "$body" ]; then
    options+=(--header "Content-Type: application/json" --data "$body")
  fi
  curl "${options[@]}" "$url/v1.0$path"
}

# 2. The account. The id is your own; without one, Cyclr makes one up.
call POST /accounts "{\"Id\": \"$account\", \"Name\": \"Acme Ltd\"}" >/dev/null

# 3. Its connectors, by name; spaces are percent-encoded.
pipedrive="$(call POST /connectors/Pipedrive/install '{}' | pick 'it["Id"]')"
harbour="$(call POST /connectors/Harbour%20CRM/install \
  '{"Properties": [{"Name": "Subdomain", "Value": "acme"}]}' | pick 'it["Id"]')"

# 4. The template, which becomes a paused cycle that uses them.
template="$(call GET '/templates?tag=sales&page=1&pageSize=100' |
  pick '[one["Id"] for one in it if one["Name"] == "Pipedrive > Harbour CRM"][0]')"
cycle="$(call POST "/templates/$template/install" '{}' | pick 'it["Id"]')"

# 5. The credentials: for an API key, the key itself.
call PUT "/account/connectors/$pipedrive" '{"AuthValue": "a-pipedrive-key"}' >/dev/null
call PUT "/account/connectors/$harbour" '{"AuthValue": "a-harbour-key"}' >/dev/null

# 6. What the template leaves open: one parameter and one field of its second step.
step="$(call GET "/cycles/$cycle/steps" | pick '[one["Id"] for one in it if one["Name"] == "Create Opportunity"][0]')"
parameter="$(call GET "/steps/$step/parameters" |
  pick '[one["Parameter"]["Id"] for one in it if one["Parameter"]["Name"] == "Pipeline"][0]')"
field="$(call GET "/steps/$step/fieldmappings" |
  pick '[one["Field"]["Id"] for one in it if one["Field"]["Name"] == "Title"][0]')"
call PUT "/steps/$step/parameters/$parameter" '{"MappingType": "StaticValue", "Value": "New business"}' >/dev/null
call PUT "/steps/$step/fieldmappings/$field" '{"MappingType": "StaticValue", "Value": "From Pipedrive"}' >/dev/null

# 7. Nothing is left to do: it can run every hour.
left="$(call GET "/cycles/$cycle/prerequisites")"
[ "$left" = "[]" ] || { echo "still to do: $left" >&2; exit 1; }
call PUT "/cycles/$cycle/activate" '{"Interval": 60}' >/dev/null
echo "$account: $(call GET "/cycles/$cycle" | pick 'it["Name"] + " is " + it["Status"]')"
