{{/* Labels of an object. Arguments: root, component. */}}
{{- define "cmbcluster.labels" -}}
{{ include "cmbcluster.selector" . }}
app.kubernetes.io/part-of: {{ .root.Chart.Name }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{/*
Labels that select pods. Never a label that users choose: the application puts the user's own text into `app`,
which a Service selecting by `app` would then follow.
*/}}
{{- define "cmbcluster.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Name of the priority class: not in a namespace, so it carries the namespace's name. */}}
{{- define "cmbcluster.priorityClass" -}}
{{ .Release.Namespace }}-platform
{{- end }}

{{/*
Annotations that restart pods: of a hash over the configuration, which is not secret, and of a number for the
secrets, since a hash of a secret helps to guess it.
*/}}
{{- define "cmbcluster.restartAnnotations" -}}
checksum/config: {{ toJson .part.environment | sha256sum }}
secrets-version: {{ .root.Values.secretsVersion | quote }}
{{- end }}

{{/* Environment of a container: plain variables from its ConfigMap, secret ones from its Secret, each once. */}}
{{- define "cmbcluster.environment" -}}
envFrom:
  - configMapRef:
      name: {{ .name }}
env:
  {{- $secret := .secret.name }}
  {{- range .secret.variables }}
  - name: {{ . }}
    valueFrom:
      secretKeyRef:
        name: {{ $secret }}
        key: {{ . }}
  {{- end }}
{{- end }}

{{- define "cmbcluster.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "cmbcluster.placement" -}}
terminationGracePeriodSeconds: {{ .terminationGracePeriodSeconds }}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Annotations of an Ingress, in the words of ingress-nginx, which Traefik's compatible provider reads. */}}
{{- define "cmbcluster.ingressAnnotations" -}}
nginx.ingress.kubernetes.io/ssl-redirect: {{ .tls | quote }}
# The limit on bodies holds only where requests are buffered: off by default in Traefik's provider.
nginx.ingress.kubernetes.io/proxy-request-buffering: "on"
nginx.ingress.kubernetes.io/proxy-body-size: {{ printf "%dm" (int .maxUploadMi) | quote }}
nginx.ingress.kubernetes.io/proxy-connect-timeout: "10"
nginx.ingress.kubernetes.io/proxy-read-timeout: {{ int .timeoutSeconds | quote }}
nginx.ingress.kubernetes.io/proxy-send-timeout: {{ int .timeoutSeconds | quote }}
nginx.ingress.kubernetes.io/limit-rpm: {{ int .requestsPerMinute | quote }}
# Without it five times as many pass at once.
nginx.ingress.kubernetes.io/limit-burst-multiplier: "1"
{{- end }}

{{/* Thousandths of a core in a CPU quantity. */}}
{{- define "cmbcluster.milliCores" -}}
{{- if hasSuffix "m" . }}{{ trimSuffix "m" . }}{{ else }}{{ mulf (float64 .) 1000 | int64 }}{{ end -}}
{{- end }}

{{/* MiB in a memory quantity. */}}
{{- define "cmbcluster.mebibytes" -}}
{{- if hasSuffix "Gi" . }}{{ trimSuffix "Gi" . | int64 | mul 1024 }}{{ else }}{{ trimSuffix "Mi" . }}{{ end -}}
{{- end }}
