// An engine in JavaScript, with Node's standard library alone: node engine.mjs [PORT]
import { createServer } from "node:http";

createServer(async (request, response) => {
  let body = "";
  request.setEncoding("utf8");
  for await (const part of request) body += part;
  let words;
  try {
    words = JSON.parse(body).text.split(/\s+/).filter(Boolean);
  } catch {
    response.writeHead(422, { "Content-Type": "application/json" });
    return response.end(JSON.stringify({ code: "no_text", detail: "The input has no text." }));
  }
  response.writeHead(200, { "Content-Type": "application/x-ndjson" });
  const line = (value) => response.write(JSON.stringify(value) + "\n");
  words.forEach((word, n) => {
    line({ output: { delta: word.toUpperCase() + " " } });
    line({ progress: { fraction: (n + 1) / words.length } });
  });
  line({ result: { text: words.join(" ").toUpperCase() }, units: words.length });
  response.end();
}).listen(Number(process.argv[2] ?? 8701), "127.0.0.1");
