export { type MigrationFolders, hashMigrations, projectFolders } from "./migration-files.ts";
export { check, create, deploy, type MigrationStatus, status } from "./migrate.ts";
export { closeDatabaseToPublic, provision } from "./provision.ts";
