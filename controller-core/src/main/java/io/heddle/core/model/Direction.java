package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Ingress and egress as the port sees them: ingress enters the VM.
public enum Direction {
  @JsonProperty("ingress")
  INGRESS,
  @JsonProperty("egress")
  EGRESS
}
