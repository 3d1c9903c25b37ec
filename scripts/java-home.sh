# Finds a JDK that can run Annals; to be sourced by scripts of bash. Sets min_java and defines find_java.
min_java=21

# The major version of the Java in a folder; 0 when there is none. The release file saves starting a JVM.
java_major() {
  [ -x "$1/bin/java" ] || { echo 0; return; }
  local version
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null || true)
  [ -n "$version" ] || version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  echo "${version:-0}"
}

java_candidates() {
  printf '%s\n' "${JAVA_HOME:-}" "${JDK_HOME:-}"
  env | sed -n 's/^\(JAVA_HOME_[^=]*\|JDK[0-9_]*\(_HOME\)\{0,1\}\)=\(.*\)/\3/p'
  local on_path
  if on_path=$(command -v java); then
    dirname -- "$(dirname -- "$(readlink -f -- "$on_path" 2>/dev/null || echo "$on_path")")"
  fi
  if [ -x /usr/libexec/java_home ]; then
    /usr/libexec/java_home -v "$min_java+" 2>/dev/null || true
  fi
  local folder
  for folder in /usr/lib/jvm/* /usr/java/* /opt/*jdk* /opt/java/* /usr/local/*jdk* "$HOME"/.sdkman/candidates/java/* \
    "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*; do
    printf '%s\n' "$folder"
  done
}

find_java() {
  local candidate
  while IFS= read -r candidate; do
    if [ -n "$candidate" ] && [ "$(java_major "$candidate")" -ge "$min_java" ]; then
      printf '%s\n' "$candidate"
      return
    fi
  done < <(java_candidates)
}
