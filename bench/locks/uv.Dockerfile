# The steps that uv's guide for Docker recommends: dependencies first, with the lock and the project file mounted and a
# cache mount, then the project, not editable; the environment is copied into an image without uv.
FROM python:3.13-slim AS builder
COPY --from=microb/bench-uv /uv /bin/uv
ARG INDEX
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=0 UV_NO_DEV=1
ENV UV_DEFAULT_INDEX=$INDEX UV_INSECURE_HOST=198.51.100.1
WORKDIR /app
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=bind,source=uv.lock,target=uv.lock \
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    uv sync --locked --no-install-project --no-editable
COPY . /app
RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked --no-editable

FROM python:3.13-slim
COPY --from=builder /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH
