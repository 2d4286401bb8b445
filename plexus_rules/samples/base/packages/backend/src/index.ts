import { initializeDatabase } from './db/client';
import { runMigrations } from './db/migrate';
import { reportProviders } from './services/provider-report';

initializeDatabase();
await runMigrations();

Bun.serve({
  port: Number(process.env.PORT || 4000),
  fetch: async () => Response.json(await reportProviders()),
});
