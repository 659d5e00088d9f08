# syntax=docker/dockerfile:1
# Node runs our TypeScript as it is, so an image is the sources, their production packages and the built pages.
FROM node:24-bookworm-slim AS base
ENV NODE_ENV=production
WORKDIR /srv/pulsecal
RUN npm install --global pnpm@12.21.0

FROM base AS packages
COPY package.json pnpm-workspace.yaml pnpm-lock.yaml ./
COPY apps/web/package.json apps/web/
COPY apps/worker/package.json apps/worker/
COPY packages/api/package.json packages/api/
COPY packages/core/package.json packages/core/
COPY packages/db/package.json packages/db/
COPY packages/ui/package.json packages/ui/
COPY packages/vault/package.json packages/vault/

FROM packages AS build
RUN NODE_ENV=development pnpm install --frozen-lockfile --no-optional
COPY . .
RUN pnpm --filter @pulsecal/db run generate && pnpm --filter @pulsecal/web run build

# Migrations need the admin login and nothing else does, so they are an image of their own.
FROM build AS migrate
USER node
CMD ["node", "packages/db/src/migrate/cli.ts", "deploy"]

FROM packages AS production
RUN pnpm install --frozen-lockfile --prod --no-optional
COPY . .
COPY --from=build /srv/pulsecal/packages/db/generated packages/db/generated

FROM production AS web
COPY --from=build /srv/pulsecal/apps/web/build apps/web/build
ENV PULSECAL_BIND=0.0.0.0 PORT=3000
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/live').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/web/server.ts"]

FROM production AS worker
ENV PULSECAL_WORKER_HEALTH_PORT=3010
USER node
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PULSECAL_WORKER_HEALTH_PORT + '/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/worker/src/main.ts"]
