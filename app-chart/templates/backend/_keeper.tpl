{{/*
What comes before the backend and stays beside it. In this order: Litestream's program is brought along, the keeper
takes the database over (restoring it where the volume is empty) or refuses, the keeper and Litestream go on as side
cars. Kubernetes ends side cars after the backend and in reverse: the last change is copied, then the epoch released.
Argument: root.
*/}}
{{- define "cmbcluster.keepers" -}}
{{- $copies := .Values.database.copies -}}
- name: litestream-program
  image: {{ $copies.image | quote }}
  imagePullPolicy: IfNotPresent
  command: [install, -D, -m, "0555", /usr/local/bin/litestream, /keeper/bin/litestream]
  resources:
    {{- toYaml $copies.resources.litestream | nindent 4 }}
  securityContext:
    {{- include "cmbcluster.containerSecurity" . | nindent 4 }}
  volumeMounts:
    - name: keeper
      mountPath: /keeper
- name: prepare
  {{- include "cmbcluster.keeper" (dict "root" . "command" "prepare") | nindent 2 }}
- name: keeper
  restartPolicy: Always
  {{- include "cmbcluster.keeper" (dict "root" . "command" "watch") | nindent 2 }}
  ports:
    - name: keeper
      containerPort: {{ int $copies.ports.keeper }}
  # The backend starts only while the database is this pod's, and is reached only as long as it is.
  startupProbe:
    httpGet:
      path: /ready
      port: keeper
    periodSeconds: 2
    timeoutSeconds: 5
    failureThreshold: 60
  readinessProbe:
    httpGet:
      path: /ready
      port: keeper
    periodSeconds: 5
    timeoutSeconds: 5
    failureThreshold: 2
- name: litestream
  restartPolicy: Always
  image: {{ $copies.image | quote }}
  imagePullPolicy: IfNotPresent
  args: [replicate, -config, /keeper/litestream.yml]
  ports:
    - name: litestream
      containerPort: {{ int $copies.ports.litestream }}
  # Without it the backend would start over a Litestream that ends at once, and nothing would be copied.
  startupProbe:
    httpGet:
      path: /metrics
      port: litestream
    periodSeconds: 2
    timeoutSeconds: 5
    failureThreshold: 60
  resources:
    {{- toYaml $copies.resources.litestream | nindent 4 }}
  securityContext:
    {{- include "cmbcluster.containerSecurity" . | nindent 4 }}
  volumeMounts:
    {{- include "cmbcluster.keeperVolumes" . | nindent 4 }}
{{- end }}

{{/* A container that runs the keeper. Arguments: root, command. */}}
{{- define "cmbcluster.keeper" -}}
{{- $database := .root.Values.database -}}
{{- $copies := $database.copies -}}
image: {{ .root.Values.backend.image | quote }}
imagePullPolicy: IfNotPresent
command: [python, -m, keeper, {{ .command }}]
env:
  - name: PYTHONPATH
    value: /opt/keeper
  - name: PYTHONDONTWRITEBYTECODE
    value: "1"
  - name: KEEPER_URL
    value: {{ $copies.url | quote }}
  - name: KEEPER_REGION
    value: {{ $copies.region | quote }}
  - name: KEEPER_DATABASE
    value: {{ $database.file | quote }}
  - name: KEEPER_UPLOADS
    value: {{ $database.uploads | quote }}
  - name: KEEPER_SHARED
    value: /keeper
  - name: KEEPER_SYNC_SECONDS
    value: {{ divf $copies.syncMilliseconds 1000 | quote }}
  - name: KEEPER_BEAT_SECONDS
    value: {{ int $copies.beatSeconds | quote }}
  - name: KEEPER_LEASE_SECONDS
    value: {{ int $copies.leaseSeconds | quote }}
  - name: KEEPER_SNAPSHOT_SECONDS
    value: {{ mul 60 (int $copies.snapshotMinutes) | quote }}
  - name: KEEPER_LITESTREAM_PORT
    value: {{ int $copies.ports.litestream | quote }}
  - name: KEEPER_PORT
    value: {{ int $copies.ports.keeper | quote }}
  - name: KEEPER_ACCEPT_EPOCH
    value: {{ int $copies.acceptEpoch | quote }}
  - name: KEEPER_POD
    valueFrom:
      fieldRef:
        fieldPath: metadata.name
  - name: KEEPER_NODE
    valueFrom:
      fieldRef:
        fieldPath: spec.nodeName
resources:
  {{- toYaml $copies.resources.keeper | nindent 2 }}
securityContext:
  {{- include "cmbcluster.containerSecurity" .root | nindent 2 }}
# Why it refused, in `kubectl describe pod`.
terminationMessagePolicy: FallbackToLogsOnError
volumeMounts:
  {{- include "cmbcluster.keeperVolumes" .root | nindent 2 }}
  - name: keeper-program
    mountPath: /opt/keeper/keeper
    readOnly: true
{{- end }}

{{- define "cmbcluster.keeperVolumes" -}}
- name: data
  mountPath: {{ .Values.database.directory }}
- name: keeper
  mountPath: /keeper
- name: tmp
  mountPath: /tmp
{{- end }}
