// Loaded before an application: it starts as it is, answers one request and ends. No port opens.
Bun.serve = ((options: { fetch: (request: Request) => Response | Promise<Response> }) => {
  void (async () => {
    const answer = await options.fetch(new Request('http://localhost/'));
    console.log(answer.status, await answer.text());
    process.exit();
  })();
}) as unknown as typeof Bun.serve;
