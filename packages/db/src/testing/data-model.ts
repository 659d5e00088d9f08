import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PrismaClient } from "../../generated/client/client.ts";
import { projectFolders } from "../migrate/index.ts";

/** `owner` holds the foreign key; `list` is the other side of it with many rows. */
type Relation = { field: string; target: string; owner: boolean; list: boolean };
export type Model = {
  name: string;
  delegate: string;
  schema: string;
  table: string;
  /** schema.table */
  sqlName: string;
  fields: { name: string; column: string }[];
  relations: Relation[];
};

type RuntimeModel = {
  dbName: string | null;
  schema: string;
  fields: { name: string; kind: string; type: string; dbName?: string }[];
};

/** Every model of the generated client, from the data model the client itself runs on. */
export function readDataModel(): Model[] {
  const adapter = {
    provider: "postgres" as const,
    adapterName: "none",
    connect: () => Promise.reject(new Error("no database")),
  };
  const client = new PrismaClient({ adapter }) as unknown as {
    _runtimeDataModel: { models: Record<string, RuntimeModel> };
  };
  const sides = relationSides();
  return Object.entries(client._runtimeDataModel.models).map(([name, model]) => {
    const table = model.dbName ?? name;
    return {
      name,
      delegate: name[0]?.toLowerCase() + name.slice(1),
      schema: model.schema,
      table,
      sqlName: `${model.schema}.${table}`,
      fields: model.fields
        .filter((field) => field.kind !== "object")
        .map((field) => ({ name: field.name, column: field.dbName ?? field.name })),
      relations: model.fields
        .filter((field) => field.kind === "object")
        .map((field) => ({ field: field.name, target: field.type, ...sideOf(sides, `${name}.${field.name}`) })),
    };
  });
}

type Side = { owner: boolean; list: boolean };

const sideOf = (sides: Map<string, Side>, field: string): Side => sides.get(field) ?? { owner: false, list: false };

/** Which side of a relation a field is: the client's data model does not say, the schema files do. */
function relationSides(): Map<string, Side> {
  const sides = new Map<string, Side>();
  for (const file of readdirSync(projectFolders.schema)) {
    let model = "";
    for (const line of readFileSync(join(projectFolders.schema, file), "utf8").split("\n")) {
      model = /^model (\w+) \{/.exec(line)?.[1] ?? model;
      const [, field, type = ""] = /^\s+(\w+)\s+([A-Z]\w*(?:\[\]|\?)?)(?=\s|$)/.exec(line) ?? [];
      if (field)
        sides.set(`${model}.${field}`, { owner: line.includes("@relation(fields:"), list: type.endsWith("[]") });
    }
  }
  return sides;
}
