package io.heddle.ovsdb.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What was plugged and unplugged between two reports of one host.
///
/// @param changed interfaces that stayed and got another number, address, link state or error: as
///   they are now
public record BindingChanges(
    List<PluggedInterface> plugged,
    List<PluggedInterface> unplugged,
    List<PluggedInterface> changed) {

  /// One iface-id may be on several interfaces (while a VM is replugged), so both make the
  /// identity.
  private record Identity(String ifaceId, String name) {
    static Identity of(PluggedInterface plugged) {
      return new Identity(plugged.ifaceId(), plugged.name());
    }
  }

  public static BindingChanges between(
      List<PluggedInterface> before, List<PluggedInterface> after) {
    Map<Identity, PluggedInterface> gone = new HashMap<>();
    before.forEach(old -> gone.put(Identity.of(old), old));
    List<PluggedInterface> plugged = new ArrayList<>();
    List<PluggedInterface> changed = new ArrayList<>();
    for (PluggedInterface now : after) {
      PluggedInterface old = gone.remove(Identity.of(now));
      if (old == null) {
        plugged.add(now);
      } else if (!old.equals(now)) {
        changed.add(now);
      }
    }
    List<PluggedInterface> unplugged =
        before.stream().filter(old -> gone.containsKey(Identity.of(old))).toList();
    return new BindingChanges(plugged, unplugged, changed);
  }

  public boolean isEmpty() {
    return plugged.isEmpty() && unplugged.isEmpty() && changed.isEmpty();
  }
}
