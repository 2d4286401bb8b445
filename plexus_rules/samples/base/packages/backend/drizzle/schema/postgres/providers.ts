import { boolean, index, integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { providerKind } from './enums';

export const providers = pgTable('providers', {
  id: serial('id').primaryKey(),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  kind: providerKind('kind').notNull(),
  enabled: boolean('enabled').notNull().default(true),
});

export const providerModels = pgTable(
  'provider_models',
  {
    id: serial('id').primaryKey(),
    providerId: integer('provider_id')
      .notNull()
      .references(() => providers.id, { onDelete: 'cascade' }),
    model: text('model').notNull(),
  },
  (table) => [index('provider_models_provider_idx').on(table.providerId)],
);
