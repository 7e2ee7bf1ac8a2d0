package io.heddle.core.model;

import java.util.UUID;

/// Allows one kind of traffic, in one direction, with one remote.
public record SecurityRule(
    UUID id, Direction direction, Service service, Remote remote, String description) {}
