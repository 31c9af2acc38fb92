{{/* The internet and nothing inside: everything but the ranges named. One peer of a rule. */}}
{{- define "cmbcluster.internet" -}}
- ipBlock:
    cidr: 0.0.0.0/0
    except:
      {{- range . }}
      - {{ . }}
      {{- end }}
{{- end }}

{{/* Rules to single addresses, each at its port. */}}
{{- define "cmbcluster.endpoints" -}}
{{- range . }}
- to:
    - ipBlock:
        cidr: {{ .cidr }}
  ports:
    - protocol: TCP
      port: {{ int .port }}
{{- end }}
{{- end }}

{{/* The ingress controller's pods, and nobody else of their namespace. One peer of a rule. */}}
{{- define "cmbcluster.ingressController" -}}
- namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ .namespace }}
  podSelector:
    matchLabels:
      {{- toYaml .pods | nindent 6 }}
{{- end }}
