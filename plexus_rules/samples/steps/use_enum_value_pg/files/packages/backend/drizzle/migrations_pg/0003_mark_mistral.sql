-- Custom SQL migration file, put your code below! --
UPDATE "providers" SET "kind" = 'mistral' WHERE "slug" = 'mistral';
