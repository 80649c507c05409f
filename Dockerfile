# Build: docker build -t humphrey .
# Run:   docker run --read-only --tmpfs /tmp -v humphrey:/data -p 127.0.0.1:7860:7860 -e HUMPHREY_ORIGIN=http://127.0.0.1:7860 humphrey
# People with passwords come first, because the container serves beyond its own loopback:
#        docker run --rm -it -v humphrey:/data humphrey users add NAME --role reviewer
FROM python:3.12-slim AS build
WORKDIR /app
RUN pip install --no-cache-dir uv==0.13.9
COPY requirements.lock pyproject.toml README.md ./
RUN uv venv /opt/humphrey \
 && uv pip install --python /opt/humphrey/bin/python --compile-bytecode --no-deps --require-hashes -r requirements.lock
COPY humphrey humphrey
RUN uv pip install --python /opt/humphrey/bin/python --no-deps --no-build-isolation --compile-bytecode .

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 humphrey && install -d -o humphrey -g humphrey /data
COPY --from=build /opt/humphrey /opt/humphrey
COPY corpus /app/corpus
WORKDIR /app
USER humphrey
ENV PATH=/opt/humphrey/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HUMPHREY_DATA_DIR=/data \
    HUMPHREY_CORPUS=/app/corpus \
    HUMPHREY_HOST=0.0.0.0
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/readyz', timeout=4)"]
ENTRYPOINT ["humphrey"]
CMD ["serve"]
