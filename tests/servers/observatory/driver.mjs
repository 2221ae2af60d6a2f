// Reads cases as JSON on stdin, asks the Observatory's own test functions, prints their results.
// Nothing is fetched: the answers are in the cases. The list of preloaded names is left empty.
import fs from "fs";

const readFile = fs.readFileSync;
fs.readFileSync = (path, ...rest) =>
  String(path).endsWith("hsts-preload.json") ? "{}" : readFile(path, ...rest);

const SRC = "./node_modules/@mdn/mdn-http-observatory/src/";
const load = async (path) => import(SRC + path);
const { Requests } = await load("types.js");
const { Session } = await load("retriever/session.js");
const { parseHttpEquivHeaders } = await load("retriever/utils.js");
const { AxiosHeaders } = await import("axios");
const TESTS = {
  csp: (await load("analyzer/tests/csp.js")).contentSecurityPolicyTest,
  cookies: (await load("analyzer/tests/cookies.js")).cookiesTest,
  cors: (await load("analyzer/tests/cors.js")).crossOriginResourceSharingTest,
  redirection: (await load("analyzer/tests/redirection.js")).redirectionTest,
  "referrer-policy": (await load("analyzer/tests/referrer-policy.js")).referrerPolicyTest,
  hsts: (await load("analyzer/tests/strict-transport-security.js")).strictTransportSecurityTest,
  sri: (await load("analyzer/tests/subresource-integrity.js")).subresourceIntegrityTest,
  nosniff: (await load("analyzer/tests/x-content-type-options.js")).xContentTypeOptionsTest,
  framing: (await load("analyzer/tests/x-frame-options.js")).xFrameOptionsTest,
  corp: (await load("analyzer/tests/cross-origin-resource-policy.js"))
    .crossOriginResourcePolicyTest,
};

// As Node and axios give them: fields of one name joined by a comma, Set-Cookie as a list.
function headersOf(fields) {
  const joined = {};
  for (const [name, value] of fields) {
    if (name === "set-cookie") (joined[name] ??= []).push(value);
    else joined[name] = name in joined ? `${joined[name]}, ${value}` : value;
  }
  return new AxiosHeaders(joined);
}

function responseOf(fields, body, origin) {
  return {
    headers: headersOf(fields),
    request: { headers: origin ? { origin } : {} },
    status: 200,
    verified: true,
    data: body,
  };
}

function requestsOf(one) {
  const requests = new Requests(one.site);
  requests.session = new Session(new URL(one.url));
  requests.resources.path = one.body;
  requests.responses.auto = responseOf(one.fields, one.body);
  requests.responses.https = one.https ? responseOf(one.fields, one.body) : null;
  requests.responses.http = one.route.length ? responseOf([], "") : null;
  requests.responses.cors = responseOf(one.cors, "", one.origin);
  requests.responses.httpRedirects = one.route.map((url) => ({ url: new URL(url), status: 301 }));
  requests.responses.auto.httpEquiv = parseHttpEquivHeaders(one.body, one.url);
  for (const [name, value] of one.fields) {
    if (name === "set-cookie")
      requests.session.jar.setCookieSync(value, one.url, { ignoreError: true });
  }
  return requests;
}

const results = JSON.parse(readFile(0, "utf8")).map((one) =>
  Object.fromEntries(
    Object.entries(TESTS).map(([name, test]) => {
      const { pass, result } = test(requestsOf(one));
      return [name, { pass, result }];
    }),
  ),
);
console.log(JSON.stringify(results));
