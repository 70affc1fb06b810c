{{- /*
Tokens, keys and certificates that the chart makes. Made once for all templates of a rendering, and taken from the cluster where they are
there already, so that an upgrade changes nothing. They are left in .Values.made: token, apiKeys, authority, orchestrator, agent.
*/ -}}
{{- define "sre.make" -}}
{{- if not (hasKey .Values "made") -}}
{{- $made := dict -}}
{{- $namespace := .Release.Namespace -}}

{{- $old := (lookup "v1" "Secret" $namespace (include "sre.agentTokenSecret" .)).data | default dict -}}
{{- $_ := set $made "token" (hasKey $old "token" | ternary (get $old "token" | b64dec) (randAlphaNum 48)) -}}

{{- $old = (lookup "v1" "Secret" $namespace (include "sre.apiKeysSecret" .)).data | default dict -}}
{{- if hasKey $old "keys" -}}
{{- $keys := dict -}}
{{- range $name, $value := $old }}{{ $_ := set $keys $name ($value | b64dec) }}{{ end -}}
{{- $_ := set $made "apiKeys" $keys -}}
{{- else -}}
{{- $admin := printf "sre_%s" (randAlphaNum 43) -}}
{{- $test := printf "sre_%s" (randAlphaNum 43) -}}
{{- $lines := printf "admin admin %s\nhelm-test read %s\n" (sha256sum $admin) (sha256sum $test) -}}
{{- $_ := set $made "apiKeys" (dict "admin" $admin "test" $test "keys" $lines) -}}
{{- end -}}

{{- if eq .Values.tls.mode "self-signed" -}}
{{- $old = (lookup "v1" "Secret" $namespace (include "sre.authoritySecret" .)).data | default dict -}}
{{- $isOld := hasKey $old "tls.crt" -}}
{{- $authority := dict -}}
{{- if $isOld -}}
{{- $authority = buildCustomCert (get $old "tls.crt") (get $old "tls.key") -}}
{{- else -}}
{{- $authority = genCAWithKey (include "sre.fullname" .) 7300 (genPrivateKey "ecdsa") -}}
{{- end -}}
{{- $_ := set $made "authority" $authority -}}
{{- range $service := list "orchestrator" "agent" -}}
{{- $secret := lookup "v1" "Secret" $namespace (include (printf "sre.%sTLSSecret" $service) $) | default dict -}}
{{- $data := $secret.data | default dict -}}
{{- $notes := dig "metadata" "annotations" dict $secret -}}
{{- $names := include (printf "sre.%sNames" $service) $ -}}
{{- $days := int $.Values.tls.selfSigned.days -}}
{{- $age := sub (now | unixEpoch | int64) (get $notes "sre-orchestrator/made-at" | default "0" | int64) -}}
{{- $isYoung := lt (int $age) (int (mul $days 57600)) -}}
{{- $isGood := and $isOld $isYoung (hasKey $data "tls.crt") (eq (get $notes "sre-orchestrator/names") $names) -}}
{{- if $isGood -}}
{{- $pair := dict "certificate" (get $data "tls.crt" | b64dec) "key" (get $data "tls.key" | b64dec) -}}
{{- $_ := set $made $service (merge $pair (dict "names" $names "madeAt" (get $notes "sre-orchestrator/made-at"))) -}}
{{- else -}}
{{- $list := splitList "," $names | toJson | fromJsonArray -}}
{{- $pair := genSignedCertWithKey (first $list) (list "127.0.0.1") $list $days $authority (genPrivateKey "ecdsa") -}}
{{- $_ := set $made $service (dict "certificate" $pair.Cert "key" $pair.Key "names" $names "madeAt" (now | unixEpoch)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set .Values "made" $made -}}
{{- end -}}
{{- end }}

{{- /* Changes where a pod has to start anew. Argument: root, and service, whose certificate the pod shows. */ -}}
{{- define "sre.generatedChecksum" -}}
{{- include "sre.make" .root -}}
{{- $made := .root.Values.made -}}
{{- $parts := list -}}
{{- if not .root.Values.agentToken.existingSecret }}{{ $parts = append $parts $made.token }}{{ end -}}
{{- if eq .root.Values.tls.mode "self-signed" }}{{ $parts = concat $parts (list $made.authority.Cert (get $made .service).certificate) }}{{ end -}}
{{- $parts | toJson | sha256sum }}
{{- end }}
