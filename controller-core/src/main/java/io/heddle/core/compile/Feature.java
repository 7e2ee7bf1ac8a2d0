package io.heddle.core.compile;

import io.heddle.core.punt.PuntHandler;
import java.util.List;

/// What an app adds to the controller. Apps never see each other; `controller-node` lists them.
public record Feature(String name, List<FlowRule<?>> rules, List<PuntHandler> puntHandlers) {

  public Feature {
    rules = List.copyOf(rules);
    puntHandlers = List.copyOf(puntHandlers);
  }
}
