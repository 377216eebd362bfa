// A real OpenID Connect provider (npm's oidc-provider) over TLS that gives out tokens with the claims that GitHub Actions
// and Kubernetes put into theirs. Reads one JSON object from standard input:
//
//   {"key": PEM, "certificate": PEM, "issuers": {"https://host/path": {"alg": "RS256", "claims": {…}, "audience": "…"}}}
//
// prints the port it listens on, and serves until its standard input closes. POST <issuer>/token (client_credentials,
// client "workload", secret "workload-secret-of-the-tests") answers an access token that is a JWT.
import https from "node:https";
import { createInterface } from "node:readline";
import { generateKeyPair, exportJWK } from "jose";
import Provider from "oidc-provider";

const lines = createInterface({ input: process.stdin });
const { value: line } = await lines[Symbol.asyncIterator]().next();
const setup = JSON.parse(line);

async function make(issuer, { alg, claims, audience }) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: `${alg}-of-the-tests`, use: "sig", alg };
  return new Provider(issuer, {
    jwks: { keys: [jwk] },
    clientDefaults: { id_token_signed_response_alg: alg },
    clients: [{ client_id: "workload", client_secret: "workload-secret-of-the-tests", redirect_uris: [], response_types: [],
                grant_types: ["client_credentials"], token_endpoint_auth_method: "client_secret_post" }],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => "urn:amazon:webservices",
        getResourceServerInfo: () => ({ scope: "", audience, accessTokenFormat: "jwt", jwt: { sign: { alg } },
                                        accessTokenTTL: 600 }),
      },
    },
    formats: {
      customizers: {
        jwt: (ctx, token, parts) => {
          delete parts.payload.client_id;
          Object.assign(parts.payload, { nbf: parts.payload.iat }, claims);
          return parts;
        },
      },
    },
  });
}

const providers = [];
for (const [issuer, how] of Object.entries(setup.issuers)) {
  const { host, pathname } = new URL(issuer);
  providers.push({ host, path: pathname.replace(/\/$/, ""), handle: (await make(issuer, how)).callback() });
}

const server = https.createServer({ key: setup.key, cert: setup.certificate }, (request, response) => {
  const found = providers.find(({ host, path }) => request.headers.host === host && request.url.startsWith(path + "/"));
  if (!found) return response.writeHead(404).end();
  request.originalUrl = request.url; // as a framework says where it mounted a handler
  request.url = request.url.slice(found.path.length);
  found.handle(request, response);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
lines.on("close", () => process.exit(0));
