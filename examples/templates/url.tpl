postgres://{{ .user }}:{{ .password | urlquery }}@{{ .host | default "localhost" }}/app
