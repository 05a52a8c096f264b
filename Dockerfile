# The whole of Lianqin in one image: lianqind (the bus and every service) and lq. Which of them a
# container runs is its command, see docker-compose.yml; without one, it is the whole system.

FROM debian:bookworm-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      ca-certificates cmake gcc gettext libarchive-dev libc6-dev libcurl4-openssl-dev libexpat1-dev libjansson-dev liblmdb-dev \
      libmicrohttpd-dev libprotobuf-c-dev libqrencode-dev libsodium-dev libsystemd-dev libutf8proc-dev libuv1-dev libwebsockets-dev libxlsxwriter-dev libyaml-dev libzip-dev libzmq3-dev \
      ninja-build nodejs npm pkg-config protobuf-c-compiler python3 python3-protobuf \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /lianqin
COPY CMakeLists.txt CMakePresets.json ./
COPY proto proto
COPY po po
COPY configs configs
COPY common common
COPY services services
COPY terminals terminals
COPY man man
COPY packaging packaging
COPY scripts scripts
# The page for browsers. Without npm's registry there is none, and lianqin-web says so.
RUN mkdir -p build/release/web \
 && { [ ! -x scripts/web-page ] || scripts/web-page build/release/web || [ $? = 77 ]; }
RUN cmake --preset release -DBUILD_TESTING=OFF \
 && cmake --build --preset release --target lianqind lq lianqin-probe lianqin-web \
 && install -D -s -t /out/usr/local/bin build/release/bin/lianqind build/release/bin/lq build/release/bin/lianqin-probe build/release/bin/lianqin-web \
 && install -D -s -t /out/usr/local/libexec/lianqin build/release/libexec/lianqin/lq-full \
 && mkdir -p /out/usr/local/share/lianqin && cp -R build/release/web /out/usr/local/share/lianqin/web
# Volumes take over owner and mode of the directory that they are first mounted on, so each has one;
# a tmpfs takes over the mode alone.
RUN mkdir -p -m 0700 /out/data/config /out/data/keys /out/data/journal \
 && mkdir -m 1777 /out/data/run \
 && sed -n 's/^lq_add_service(\([a-z]*\).*/\1/p' services/CMakeLists.txt \
    | while read -r name; do mkdir -p -m 0700 "/out/data/links/$name"; done \
 && chmod 0700 /out/data /out/data/links

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      libarchive13 libcurl4 libexpat1 libjansson4 liblmdb0 libmicrohttpd12 libprotobuf-c1 libqrencode4 libsodium23 libssl3 libsystemd0 libutf8proc2 libuv1 libwebsockets-evlib-uv libwebsockets17 libxlsxwriter4 libyaml-0-2 \
      libzip4 libzmq5 zlib1g \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 7400 lianqin \
 && useradd --system --uid 7400 --gid lianqin --home-dir /data --no-create-home \
      --shell /usr/sbin/nologin lianqin
COPY --from=build /out/usr/local/ /usr/local/
COPY --from=build --chown=lianqin:lianqin /out/data /data
USER lianqin
WORKDIR /data
ENV LQ_DATA=/data LANG=C.UTF-8
ENTRYPOINT ["lianqind"]
CMD ["all"]
