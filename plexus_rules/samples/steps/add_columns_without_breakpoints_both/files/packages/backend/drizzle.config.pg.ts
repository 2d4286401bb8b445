import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  schema: './drizzle/schema/postgres/index.ts',
  out: './drizzle/migrations_pg',
  dialect: 'postgresql',
  dbCredentials: {
    url: process.env.PLEXUS_DB_URL || 'postgres://localhost:5432/plexus',
  },
  breakpoints: false,
  verbose: true,
  strict: true,
});
