# Sourced by the scripts here: how a step speaks to the system that runs it, be it GitHub Actions, Azure Pipelines or a terminal.
# shellcheck shell=bash

# Hands a value to later steps: publish <name> <value>
publish() {
  if [ -n "${GITHUB_OUTPUT:-}" ]; then
    printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
  elif [ -n "${TF_BUILD:-}" ]; then
    printf '##vso[task.setvariable variable=%s;isOutput=true]%s\n' "$1" "$2"
  else
    printf '%s: %s\n' "$1" "$2"
  fi
}

# Adds a Markdown file to the summary of the run: summarize <file>
summarize() {
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    cat "$1" >>"$GITHUB_STEP_SUMMARY"
  elif [ -n "${TF_BUILD:-}" ]; then
    printf '##vso[task.uploadsummary]%s\n' "$(realpath "$1")"
  fi
}

# Shows a warning, of one line, where people look first: warn <text>
warn() {
  if [ -n "${GITHUB_ACTIONS:-}" ]; then
    printf '::warning::%s\n' "$1"
  elif [ -n "${TF_BUILD:-}" ]; then
    printf '##vso[task.logissue type=warning]%s\n' "$1"
  else
    printf 'warning: %s\n' "$1" >&2
  fi
}
