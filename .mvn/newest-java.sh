# Sourced by ./behalf and .ci/run: the newest Java from 21 on that is installed.

# A JDK says its version in a file; asking it takes ten times as long.
major() {
  home=$(readlink -f "$1" 2>/dev/null || printf '%s' "$1")
  home=${home%/bin/java}
  if [ -f "$home/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release"
  else
    "$1" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1
  fi
}

# JAVA_HOME and the java on the path first, then the usual places; the newest of those wins.
find_java() {
  java='' java_major=20
  for candidate in "${JAVA_HOME:+$JAVA_HOME/bin/java}" "$(command -v java || true)" \
    /usr/lib/jvm/*/bin/java /opt/java/*/bin/java "$HOME"/.sdkman/candidates/java/*/bin/java \
    "$HOME"/.jdks/*/bin/java /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java; do
    [ -n "$candidate" ] && [ -x "$candidate" ] || continue
    found=$(major "$candidate")
    [ -n "$found" ] && [ "$found" -gt "$java_major" ] && java=$candidate java_major=$found
  done
  [ -n "$java" ]
}
