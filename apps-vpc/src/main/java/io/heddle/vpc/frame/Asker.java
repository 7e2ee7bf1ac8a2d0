package io.heddle.vpc.frame;

import io.heddle.core.model.Binding;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.model.Subnet;
import io.heddle.core.punt.Punt;
import io.heddle.core.store.Image;
import java.util.Optional;

/// The port whose question a punted packet is.
public record Asker(Port port, Subnet subnet) {

  /// The port that is plugged in where the packet entered, if it is on and the frame bears its MAC.
  public static Optional<Asker> of(Image image, Punt punt, MacAddress sender) {
    return at(image, punt).filter(asker -> asker.port().mac().equals(sender));
  }

  private static Optional<Asker> at(Image image, Punt punt) {
    return image
        .findBy(Binding.KIND, Binding.BY_PLACE, new Binding.Place(punt.host(), punt.ofport()))
        .stream()
        .findFirst()
        .flatMap(binding -> image.find(binding.id().port()))
        .filter(Port::adminUp)
        .map(port -> new Asker(port, image.require(port.subnet())));
  }
}
