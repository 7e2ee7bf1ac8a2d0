package io.heddle.rest.spi;

/// The node behind the API, in its five aspects.
public record Backend(
    Controller controller,
    Leader leader,
    Cluster cluster,
    Audits audits,
    PolicyWatch policyWatch) {}
