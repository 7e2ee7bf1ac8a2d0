package io.heddle.vpc.command;

import io.heddle.core.intent.Refused;
import io.heddle.core.model.AddressPair;
import io.heddle.core.model.MacAddress;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.store.Problem;
import java.util.List;
import java.util.regex.Pattern;

/// How a port behaves, apart from its addresses and groups.
///
/// @param portSecurity whether what it sends must bear its own MAC and addresses
/// @param allowedPairs further senders that it may speak as
/// @param adminUp whether it takes part at all
/// @param deviceId the VM it is for, in the caller's words
public record PortSettings(
    boolean portSecurity,
    List<AddressPair> allowedPairs,
    boolean adminUp,
    String deviceId,
    HostChoice requestedHost) {

  public PortSettings {
    allowedPairs = List.copyOf(allowedPairs);
  }

  /// One that speaks as nobody else.
  public PortSettings(
      boolean portSecurity, boolean adminUp, String deviceId, HostChoice requestedHost) {
    this(portSecurity, List.of(), adminUp, deviceId, requestedHost);
  }

  public static final PortSettings DEFAULT = new PortSettings(true, true, "", new HostChoice.Any());

  private static final Pattern DEVICE_ID = Pattern.compile("[\\x20-\\x7e]{0,255}");

  /// Each is two flows of the port's host, or more; and who needs hundreds needs no port security.
  private static final int MAX_PAIRS = 64;

  static List<AddressPair> checkPairs(List<AddressPair> pairs) {
    if (pairs.size() > MAX_PAIRS) {
      throw new Refused(
          Problem.invalid(
              "allowedAddressPairs",
              "%d pairs; a port has at most %d: name prefixes, or take portSecurity away"
                  .formatted(pairs.size(), MAX_PAIRS)));
    }
    for (int i = 0; i < pairs.size(); i++) {
      AddressPair pair = pairs.get(i);
      String field = "allowedAddressPairs[%d]".formatted(i);
      if (pairs.subList(0, i).contains(pair)) {
        throw new Refused(
            Problem.invalid(field, "%s is named twice; name it once".formatted(pair.prefix())));
      }
      MacAddress mac = pair.mac();
      if (mac != null && (mac.isGroup() || mac.equals(Overlay.GATEWAY_MAC))) {
        throw new Refused(
            Problem.invalid(
                field + ".macAddress",
                "nobody sends as %s; it is a group's or the gateways' own".formatted(mac)));
      }
    }
    return pairs;
  }

  static void checkDeviceId(String deviceId) {
    if (!DEVICE_ID.matcher(deviceId).matches()) {
      throw new Refused(
          Problem.invalid(
              "deviceId",
              "the device id has %d characters; use up to 255 printable ASCII ones"
                  .formatted(deviceId.length())));
    }
  }
}
