/** Packages of the distributions, each a list of names with spaces between them. */
export type DistributionPackages = Readonly<{ debian: string; alpine: string }>;

/** What extensions of Python projects are built with, but Python: a library's headers, or a program. */
export type NativePackage = Readonly<{
  /** Headers, programs and modules of pkg-config; a build that misses one names it. Spaces between them. */
  names: string;
  /** What builds say instead of naming it. */
  says?: readonly string[];
  build: DistributionPackages;
  /** The shared library that what was built needs, a key of {@link SHARED_LIBRARIES}. */
  library?: string;
  /** Projects that have no wheel and link to the library. */
  projects?: string;
}>;

/**
 * The packages of both distributions that have what extensions are built with. Debian's names are those of its releases
 * since bookworm, where they differ by the name that the newer ones provide too. Alpine's are the packages and subpackages
 * of its build files (`APKBUILD` in alpinelinux/aports).
 */
export const NATIVE_PACKAGES: readonly NativePackage[] = [
  {
    names: "pg_config libpq-fe.h libpq",
    build: { debian: "gcc libpq-dev", alpine: "gcc musl-dev libpq-dev" },
    library: "libpq.so.5",
    projects: "psycopg2 psycopg-c",
  },
  {
    names: "mysql_config mariadb_config mysql.h mysqlclient",
    says: ["Can not find valid pkg-config name"],
    build: {
      debian: "gcc default-libmysqlclient-dev pkg-config",
      alpine: "gcc musl-dev mariadb-connector-c-dev pkgconf",
    },
    library: "libmariadb.so.3",
    projects: "mysqlclient",
  },
  {
    names: "xmlsec1 xmlsec/xmlsec.h",
    build: { debian: "gcc libxmlsec1-dev pkg-config", alpine: "gcc musl-dev xmlsec-dev pkgconf" },
    library: "libxmlsec1.so.1",
  },
  {
    names: "libxml/xmlversion.h libxml/xpath.h libxslt/xslt.h libxml-2.0 libxslt xml2-config xslt-config",
    says: ["libxml2 and libxslt development packages"],
    build: { debian: "gcc libxml2-dev libxslt1-dev", alpine: "gcc musl-dev libxml2-dev libxslt-dev" },
    library: "libxslt.so.1",
  },
  {
    names: "lber.h ldap.h sasl.h sasl/sasl.h",
    build: { debian: "gcc libldap-dev libsasl2-dev", alpine: "gcc musl-dev openldap-dev cyrus-sasl-dev" },
    library: "libldap.so.2",
    projects: "python-ldap",
  },
  {
    names: "gssapi.h gssapi/gssapi.h krb5.h krb5-config",
    build: { debian: "gcc libkrb5-dev", alpine: "gcc musl-dev krb5-dev" },
    library: "libgssapi_krb5.so.2",
    projects: "gssapi krb5",
  },
  {
    names: "sql.h sqlext.h odbc_config",
    build: { debian: "g++ unixodbc-dev", alpine: "g++ unixodbc-dev" },
    library: "libodbc.so.2",
  },
  {
    names: "curl-config curl/curl.h libcurl",
    build: { debian: "gcc libcurl4-openssl-dev libssl-dev", alpine: "gcc musl-dev curl-dev" },
    library: "libcurl.so.4",
  },
  {
    names: "openssl/ssl.h openssl/opensslv.h openssl/crypto.h openssl/evp.h openssl openssl-sys",
    says: ["Could not find directory of OpenSSL installation", "Can't find OpenSSL"],
    build: { debian: "gcc libssl-dev pkg-config", alpine: "gcc musl-dev openssl-dev pkgconf" },
  },
  {
    names: "ffi.h libffi",
    build: { debian: "gcc libffi-dev", alpine: "gcc musl-dev libffi-dev" },
    library: "libffi.so.8",
  },
  {
    names: "cairo cairo.h",
    build: { debian: "gcc libcairo2-dev pkg-config", alpine: "gcc musl-dev cairo-dev pkgconf" },
    library: "libcairo.so.2",
    projects: "pycairo",
  },
  {
    names: "girepository-2.0",
    build: {
      debian: "gcc libgirepository-2.0-dev libcairo2-dev pkg-config",
      // A part of GLib since its release 2.80.
      alpine: "gcc musl-dev glib-dev cairo-dev pkgconf",
    },
  },
  {
    names: "gobject-introspection-1.0",
    build: {
      debian: "gcc libgirepository1.0-dev libcairo2-dev pkg-config",
      alpine: "gcc musl-dev gobject-introspection-dev cairo-dev pkgconf",
    },
    library: "libgirepository-1.0.so.1",
  },
  { names: "gdal-config gdal.h", build: { debian: "g++ libgdal-dev", alpine: "g++ gdal-dev" }, projects: "gdal" },
  {
    names: "geos-config geos_c.h",
    build: { debian: "gcc libgeos-dev", alpine: "gcc musl-dev geos-dev" },
    library: "libgeos_c.so.1",
  },
  {
    names: "proj.h proj",
    build: { debian: "gcc libproj-dev pkg-config", alpine: "gcc musl-dev proj-dev pkgconf" },
  },
  {
    names: "hdf5.h hdf5",
    says: ["Unable to load dependency HDF5"],
    build: { debian: "gcc libhdf5-dev pkg-config", alpine: "gcc musl-dev hdf5-dev pkgconf" },
  },
  {
    names:
      "libavformat libavcodec libavdevice libavutil libavformat/avformat.h libavcodec/avcodec.h libavutil/mathematics.h",
    build: {
      debian: "gcc libavcodec-dev libavdevice-dev libavfilter-dev libavformat-dev libswscale-dev pkg-config",
      alpine: "gcc musl-dev ffmpeg-dev pkgconf",
    },
  },
  {
    names: "portaudio.h",
    build: { debian: "gcc portaudio19-dev", alpine: "gcc musl-dev portaudio-dev" },
    library: "libportaudio.so.2",
    projects: "pyaudio",
  },
  {
    names: "snappy-c.h snappy.h",
    build: { debian: "g++ libsnappy-dev", alpine: "g++ snappy-dev" },
    library: "libsnappy.so.1",
  },
  {
    names: "jpeglib.h libjpeg",
    says: ["could not be found for jpeg"],
    build: { debian: "gcc libjpeg-dev zlib1g-dev", alpine: "gcc musl-dev libjpeg-turbo-dev zlib-dev" },
  },
  {
    names: "zlib.h zlib",
    says: ["could not be found for zlib"],
    build: { debian: "gcc zlib1g-dev", alpine: "gcc musl-dev zlib-dev" },
  },
  {
    names: "ft2build.h freetype2",
    build: { debian: "gcc libfreetype-dev pkg-config", alpine: "gcc musl-dev freetype-dev pkgconf" },
  },
  {
    names: "graphviz/cgraph.h cgraph.h",
    build: { debian: "gcc libgraphviz-dev", alpine: "gcc musl-dev graphviz-dev" },
    projects: "pygraphviz",
  },
  { names: "git2.h libgit2", build: { debian: "gcc libgit2-dev", alpine: "gcc musl-dev libgit2-dev" } },
  {
    names: "dbus-1 dbus/dbus.h",
    build: { debian: "gcc libdbus-1-dev libglib2.0-dev pkg-config", alpine: "gcc musl-dev dbus-dev glib-dev pkgconf" },
    library: "libdbus-1.so.3",
    projects: "dbus-python",
  },
  {
    names: "libmemcached/memcached.h",
    build: { debian: "gcc libmemcached-dev zlib1g-dev", alpine: "gcc musl-dev libmemcached-dev zlib-dev" },
    library: "libmemcached.so.11",
    projects: "pylibmc",
  },
  {
    names: "usb.h libusb.h libusb-1.0",
    build: {
      debian: "gcc libusb-1.0-0-dev libudev-dev pkg-config",
      alpine: "gcc musl-dev libusb-dev eudev-dev pkgconf",
    },
  },
  {
    names: "gmp.h mpfr.h mpc.h",
    build: { debian: "gcc libgmp-dev libmpfr-dev libmpc-dev", alpine: "gcc musl-dev gmp-dev mpfr-dev mpc1-dev" },
  },
  { names: "sqlite3.h", build: { debian: "gcc libsqlite3-dev", alpine: "gcc musl-dev sqlite-dev" } },
  { names: "lzma.h", build: { debian: "gcc liblzma-dev", alpine: "gcc musl-dev xz-dev" } },
  {
    names: "OpenBLAS openblas BLAS blas LAPACK lapack cblas.h",
    build: { debian: "g++ gfortran libopenblas-dev pkg-config", alpine: "g++ gfortran openblas-dev pkgconf" },
  },
  {
    names: "rustc cargo",
    says: ["can't find Rust compiler", "Cargo, the Rust package manager"],
    build: { debian: "gcc cargo", alpine: "gcc musl-dev cargo" },
  },
  {
    names: "cmake",
    says: ["CMake must be installed", "Problem with the CMake installation"],
    build: { debian: "g++ make cmake", alpine: "g++ make cmake" },
  },
  { names: "gfortran", says: ["no Fortran compiler"], build: { debian: "g++ gfortran", alpine: "g++ gfortran" } },
  { names: "swig", build: { debian: "gcc swig", alpine: "gcc musl-dev swig" } },
  {
    names: "pkg-config pkgconf",
    says: ["Did not find pkg-config"],
    build: { debian: "gcc pkg-config", alpine: "gcc musl-dev pkgconf" },
  },
  {
    names: "make autoreconf autoconf libtoolize",
    build: { debian: "gcc make autoconf automake libtool", alpine: "gcc musl-dev make autoconf automake libtool" },
  },
  {
    names: "git",
    says: ["Cannot find command 'git'", "Git executable not found"],
    build: { debian: "git", alpine: "git" },
  },
  { names: "g++ c++ CXX", says: ["CMAKE_CXX_COMPILER not set"], build: { debian: "g++", alpine: "g++" } },
  {
    names: "gcc cc clang x86_64-linux-gnu-gcc aarch64-linux-gnu-gcc stdio.h stdlib.h limits.h",
    build: { debian: "gcc libc6-dev", alpine: "gcc musl-dev" },
  },
  { names: "Python.h", build: { debian: "gcc python3-dev", alpine: "gcc musl-dev python3-dev" } },
];

/** The packages that have shared libraries which small images lack, by the name that programs ask for. */
export const SHARED_LIBRARIES: Readonly<Record<string, DistributionPackages>> = {
  "libGL.so.1": { debian: "libgl1", alpine: "mesa-gl" },
  "libSM.so.6": { debian: "libsm6", alpine: "libsm" },
  "libX11.so.6": { debian: "libx11-6", alpine: "libx11" },
  "libXext.so.6": { debian: "libxext6", alpine: "libxext" },
  "libXrender.so.1": { debian: "libxrender1", alpine: "libxrender" },
  "libasound.so.2": { debian: "libasound2", alpine: "alsa-lib" },
  "libatomic.so.1": { debian: "libatomic1", alpine: "libatomic" },
  "libcairo.so.2": { debian: "libcairo2", alpine: "cairo" },
  "libcurl.so.4": { debian: "libcurl4", alpine: "libcurl" },
  "libdbus-1.so.3": { debian: "libdbus-1-3", alpine: "dbus-libs" },
  "libexpat.so.1": { debian: "libexpat1", alpine: "libexpat" },
  "libffi.so.8": { debian: "libffi8", alpine: "libffi" },
  "libfontconfig.so.1": { debian: "libfontconfig1", alpine: "fontconfig" },
  "libfreetype.so.6": { debian: "libfreetype6", alpine: "freetype" },
  "libgcc_s.so.1": { debian: "libgcc-s1", alpine: "libgcc" },
  "libgeos_c.so.1": { debian: "libgeos-c1v5", alpine: "geos" },
  "libgfortran.so.5": { debian: "libgfortran5", alpine: "libgfortran" },
  "libgirepository-1.0.so.1": { debian: "libgirepository-1.0-1", alpine: "gobject-introspection" },
  "libglib-2.0.so.0": { debian: "libglib2.0-0", alpine: "glib" },
  "libgobject-2.0.so.0": { debian: "libglib2.0-0", alpine: "glib" },
  "libgomp.so.1": { debian: "libgomp1", alpine: "libgomp" },
  "libgssapi_krb5.so.2": { debian: "libgssapi-krb5-2", alpine: "krb5-libs" },
  "libgthread-2.0.so.0": { debian: "libglib2.0-0", alpine: "glib" },
  "libjpeg.so.62": { debian: "libjpeg62-turbo", alpine: "libjpeg-turbo" },
  "liblber-2.5.so.0": { debian: "libldap-2.5-0", alpine: "libldap" },
  "liblber.so.2": { debian: "libldap2", alpine: "libldap" },
  "libldap-2.5.so.0": { debian: "libldap-2.5-0", alpine: "libldap" },
  "libldap.so.2": { debian: "libldap2", alpine: "libldap" },
  "libmagic.so.1": { debian: "libmagic1", alpine: "libmagic" },
  "libmariadb.so.3": { debian: "libmariadb3", alpine: "mariadb-connector-c" },
  "libmemcached.so.11": { debian: "libmemcached11", alpine: "libmemcached-libs" },
  "libodbc.so.2": { debian: "libodbc2", alpine: "unixodbc" },
  "libopenblas.so.0": { debian: "libopenblas0", alpine: "openblas" },
  "libpango-1.0.so.0": { debian: "libpango-1.0-0", alpine: "pango" },
  "libportaudio.so.2": { debian: "libportaudio2", alpine: "portaudio" },
  "libpq.so.5": { debian: "libpq5", alpine: "libpq" },
  "libsasl2.so.2": { debian: "libsasl2-2", alpine: "libsasl" },
  "libsnappy.so.1": { debian: "libsnappy1v5", alpine: "snappy" },
  "libsndfile.so.1": { debian: "libsndfile1", alpine: "libsndfile" },
  "libsqlite3.so.0": { debian: "libsqlite3-0", alpine: "sqlite-libs" },
  "libstdc++.so.6": { debian: "libstdc++6", alpine: "libstdc++" },
  "libusb-1.0.so.0": { debian: "libusb-1.0-0", alpine: "libusb" },
  "libxml2.so.2": { debian: "libxml2", alpine: "libxml2" },
  "libxmlsec1.so.1": { debian: "libxmlsec1-openssl", alpine: "xmlsec" },
  "libxslt.so.1": { debian: "libxslt1.1", alpine: "libxslt" },
};
