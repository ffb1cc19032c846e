// A customer is onboarded with JavaScript's fetch (Node 18 or later, and nothing else).
//
//   CYCLR_URL=http://127.0.0.1:8070 node docs/walkthrough/walk.mjs ACCOUNT

const url = process.env.CYCLR_URL ?? "http://127.0.0.1:8070";
const account = process.argv[2] ?? "acme-js";

async function read(answer) {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${text}`);
  return text === "" ? null : JSON.parse(text);
}

// 1. A token. It lasts fourteen days.
const { access_token: token } = await read(
  await fetch(`${url}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: process.env.CYCLR_CLIENT_ID ?? "demo",
      client_secret: process.env.CYCLR_CLIENT_SECRET ?? "demo-secret",
    }),
  }),
);

// Every later call names the account in a header; calls about accounts themselves tolerate it.
async function call(method, path, body) {
  const headers = { Authorization: `Bearer ${token}`, "X-Cyclr-Account": account };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return read(await fetch(`${url}/v1.0${path}`, { method, headers, body: JSON.stringify(body) }));
}

// 2. The account. The id is your own; without one, Cyclr makes one up.
await call("POST", "/accounts", { Id: account, Name: "Acme Ltd" });

// 3. Its connectors, by name; spaces are percent-encoded.
const pipedrive = await call("POST", "/connectors/Pipedrive/install", {});
const harbour = await call("POST", `/connectors/${encodeURIComponent("Harbour CRM")}/install`, {
  Properties: [{ Name: "Subdomain", Value: "acme" }],
});

// 4. The template, which becomes a paused cycle that uses them.
const templates = await call("GET", "/templates?tag=sales&page=1&pageSize=100");
const template = templates.find((one) => one.Name === "Pipedrive > Harbour CRM");
const { Id: cycle } = await call("POST", `/templates/${template.Id}/install`, {});

// 5. The credentials: for an API key, the key itself.
await call("PUT", `/account/connectors/${pipedrive.Id}`, { AuthValue: "a-pipedrive-key" });
await call("PUT", `/account/connectors/${harbour.Id}`, { AuthValue: "a-harbour-key" });

// 6. What the template leaves open: one parameter and one field of its second step.
const steps = await call("GET", `/cycles/${cycle}/steps`);
const step = steps.find((one) => one.Name === "Create Opportunity").Id;
const parameters = await call("GET", `/steps/${step}/parameters`);
const fields = await call("GET", `/steps/${step}/fieldmappings`);
const parameter = parameters.find((one) => one.Parameter.Name === "Pipeline").Parameter.Id;
const field = fields.find((one) => one.Field.Name === "Title").Field.Id;
const fixed = (Value) => ({ MappingType: "StaticValue", Value });
await call("PUT", `/steps/${step}/parameters/${parameter}`, fixed("New business"));
await call("PUT", `/steps/${step}/fieldmappings/${field}`, fixed("From Pipedrive"));

// 7. Nothing is left to do: it can run every hour.
const left = await call("GET", `/cycles/${cycle}/prerequisites`);
if (left.length > 0) throw new Error(`still to do: ${JSON.stringify(left)}`);
await call("PUT", `/cycles/${cycle}/activate`, { Interval: 60 });
const { Name, Status } = await call("GET", `/cycles/${cycle}`);
console.log(`${account}: ${Name} is ${Status}`);
