# Stand-ins for debian:SUITE-slim, python:X-slim and python:X, from a root file system made by bases.sh.
FROM scratch AS debian
ADD rootfs.tar /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CMD ["bash"]

FROM debian AS slim
ARG VERSION
ENV LANG=C.UTF-8
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates netbase tzdata \
    python${VERSION} python${VERSION}-venv python3 python3-pip \
  && rm -rf /var/lib/apt/lists/* && rm -f /usr/lib/python3*/EXTERNALLY-MANAGED \
  && cd /usr/local/bin && for n in python python3 python${VERSION}; do ln -s /usr/bin/python${VERSION} $n; done \
  && for n in pip pip3 pip${VERSION}; do \
       printf '#!/usr/bin/python%s\nimport sys\nfrom pip._internal.cli.main import main\nsys.exit(main())\n' ${VERSION} > $n \
       && chmod 755 $n; done \
  && mkdir -p /usr/local/lib/python${VERSION}/dist-packages \
  && ln -s dist-packages /usr/local/lib/python${VERSION}/site-packages \
  && find / -xdev -name __pycache__ -type d -exec rm -rf {} + \
  && pip --version | grep -F "python ${VERSION}"
COPY pip.conf /etc/pip.conf
ARG PYTHON_VERSION
ENV PYTHON_VERSION=${PYTHON_VERSION}
CMD ["python3"]

FROM slim AS full
ARG VERSION
RUN apt-get update && apt-get install -y --no-install-recommends \
    binutils curl file g++ gcc git libc6-dev make openssh-client procps python${VERSION}-dev wget \
  && rm -rf /var/lib/apt/lists/*
