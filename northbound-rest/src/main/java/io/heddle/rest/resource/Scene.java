package io.heddle.rest.resource;

import io.heddle.core.model.Binding;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Resource;
import io.heddle.core.store.Image;
import io.heddle.rest.spi.Controller;
import io.heddle.rest.spi.Controller.HostState;
import io.heddle.rest.spi.Controller.Standing;

/// What resources are described from: one image, and what the switches have of it.
public sealed interface Scene {

  Image image();

  Standing standing(Resource row);

  boolean realized(Binding binding);

  HostState host(HostId id);

  /// As things are.
  record Live(Image image, Controller controller) implements Scene {
    @Override
    public Standing standing(Resource row) {
      return controller.standing(row);
    }

    @Override
    public boolean realized(Binding binding) {
      return controller.realized(binding);
    }

    @Override
    public HostState host(HostId id) {
      return controller.host(id);
    }
  }

  /// As a decision makes them, before any switch has heard of it.
  record Decided(Image image) implements Scene {
    @Override
    public Standing standing(Resource row) {
      return new Standing.Pending("just decided");
    }

    @Override
    public boolean realized(Binding binding) {
      return false;
    }

    @Override
    public HostState host(HostId id) {
      return new HostState(false, 0, "");
    }
  }
}
