package io.heddle.core.compile;

import io.heddle.core.flow.Flow;

/// A flow with the cookie it is installed under, and where it came from.
public record CompiledFlow(Flow flow, long cookie, FlowSet set, UnitId unit) {}
