package io.heddle.vpc.icmp;

import io.heddle.core.model.Binding;
import io.heddle.core.model.Port;
import io.heddle.core.model.Subnet;
import io.heddle.core.punt.Answer;
import io.heddle.core.punt.Punt;
import io.heddle.core.punt.PuntHandler;
import io.heddle.core.store.Image;
import java.util.List;
import java.util.Optional;

/// Tells a port, as its gateway, why a packet of its was not routed.
public final class RoutingErrors implements PuntHandler {

  private final Unroutable reason;

  public RoutingErrors(Unroutable reason) {
    this.reason = reason;
  }

  @Override
  public byte code() {
    return reason.puntCode();
  }

  @Override
  public List<Answer> answer(Image image, Punt punt) {
    return sender(image, punt)
        .filter(Port::adminUp)
        .flatMap(port -> error(port, image.require(port.subnet()), punt.frame()))
        .map(frame -> List.of(new Answer(punt.ofport(), frame)))
        .orElse(List.of());
  }

  private static Optional<Port> sender(Image image, Punt punt) {
    Binding.Place place = new Binding.Place(punt.host(), punt.ofport());
    return image.findBy(Binding.KIND, Binding.BY_PLACE, place).stream()
        .findFirst()
        .flatMap(binding -> image.find(binding.id().port()));
  }

  private Optional<byte[]> error(Port port, Subnet subnet, byte[] frame) {
    return switch (Quoted.of(frame)) {
      case Quoted.Ipv4 packet ->
          Optional.of(ErrorFrame.ipv4(packet, port.mac(), subnet.gateway(), reason.ipv4()));
      case Quoted.Ipv6 packet ->
          subnet
              .ipv6Gateway()
              .map(gateway -> ErrorFrame.ipv6(packet, port.mac(), gateway, reason.ipv6()));
      case Quoted.Nothing() -> Optional.empty();
    };
  }
}
