package io.heddle.vpc.nic;

import io.heddle.core.inventory.ActivateBinding;
import io.heddle.core.model.Binding;
import io.heddle.core.punt.Answer;
import io.heddle.core.punt.Punt;
import io.heddle.core.punt.PuntHandler;
import io.heddle.core.store.Command;
import io.heddle.core.store.Image;
import java.util.List;
import java.util.Optional;

/// Hears the first packet that a machine sends on the host that it was moved to: a hypervisor sends
/// one for it, often RARP (RFC 903), as soon as it runs there.
public final class Arrivals implements PuntHandler {

  public static final byte CODE = 5;

  @Override
  public byte code() {
    return CODE;
  }

  @Override
  public List<Answer> answer(Image image, Punt punt) {
    return List.of();
  }

  @Override
  public Optional<Command<Boolean>> learn(Image image, Punt punt) {
    return image
        .findBy(Binding.KIND, Binding.BY_PLACE, new Binding.Place(punt.host(), punt.ofport()))
        .stream()
        .findFirst()
        .map(binding -> binding.id().port())
        .flatMap(image::find)
        .filter(port -> punt.host().equals(port.migratingTo()))
        .map(port -> new ActivateBinding(port.id(), punt.host()));
  }
}
