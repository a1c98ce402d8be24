# One step with pip for all dependencies, with a cache mount, in an environment that is copied into a slim image.
FROM python:3.13-slim AS builder
ARG INDEX
ENV PIP_CONFIG_FILE=/dev/null PIP_INDEX_URL=$INDEX PIP_TRUSTED_HOST=198.51.100.1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python3 -m venv --without-pip /app
WORKDIR /src
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip pip --python /app/bin/python install --no-deps -r requirements.txt
COPY . .
RUN --mount=type=cache,target=/root/.cache/pip pip --python /app/bin/python install --no-deps .

FROM python:3.13-slim
COPY --from=builder /app /app
ENV PATH=/app/bin:$PATH
