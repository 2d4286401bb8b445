import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  schema: './drizzle/schema/index.ts',
  out: './drizzle/migrations',
  dialect: 'sqlite',
  dbCredentials: {
    url: process.env.PLEXUS_DB_URL || './data/plexus.sqlite',
  },
  breakpoints: false,
  verbose: true,
  strict: true,
});
