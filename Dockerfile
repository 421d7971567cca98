# Build: the compiler is here for the packages with native code, and stays here.
FROM node:24-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY config ./config
COPY jobs ./jobs
COPY src ./src
RUN npm run build \
  && npm prune --omit=dev --no-audit --no-fund \
  && chmod 755 dist/src/main/dagtilbud.js

# Run: production packages, the compiled program, and what it reads from the package folder.
FROM node:24-bookworm-slim
ENV NODE_ENV=production \
  DAGTILBUD_DATA_DIR=/data \
  DAGTILBUD_CONSOLE_HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app/package.json ./package.json
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY config/default.yaml ./config/default.yaml
COPY config/schemas ./config/schemas
COPY src/adapters/sqlite/migrations ./src/adapters/sqlite/migrations
RUN ln -s /app/dist/src/main/dagtilbud.js /usr/local/bin/dagtilbud \
  && install -d -o node -g node -m 700 /data
USER node
VOLUME ["/data"]
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.DAGTILBUD_CONSOLE_PORT ?? 8080}/healthz`).then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1 and gets SIGTERM itself: it takes no new jobs, ends the running ones, and leaves with 0.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/dist/src/main/dagtilbud.js"]
CMD ["start"]
