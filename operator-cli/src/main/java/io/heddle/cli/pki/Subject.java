package io.heddle.cli.pki;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/// Who a certificate is for.
public sealed interface Subject {

  String name();

  /// A node of the controller: a server for its clients, hosts and other nodes, and a client of
  /// other nodes.
  ///
  /// @param addresses names and IP addresses by which it is reached
  record Node(String name, List<String> addresses) implements Subject {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,31}");
    private static final Pattern IP =
        Pattern.compile("[0-9]+(\\.[0-9]+){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");
    private static final Pattern DNS =
        Pattern.compile("(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9-]+)*");

    /// A command line on the node's own machine reaches it so.
    private static final List<String> LOCAL = List.of("localhost", "127.0.0.1", "::1");

    /// @throws PkiException naming the value and what would be accepted
    public static Node of(String name, List<String> addresses) throws PkiException {
      if (!NAME.matcher(name).matches()) {
        throw new PkiException(
            ("'%s' is not a node's name; give what it is started as (serve --name), 1 to 32"
                    + " letters, digits, '_' and '-'")
                .formatted(name));
      }
      if (addresses.isEmpty()) {
        throw new PkiException(
            "a node needs the addresses by which it is reached; say --address 192.0.2.1 or"
                + " --address 192.0.2.1,n1.example");
      }
      for (String address : addresses) {
        boolean dns = DNS.matcher(address).matches() && !IP.matcher(address).matches();
        if (!isIp(address) && !dns) {
          throw new PkiException(
              "'%s' is neither an IP address nor a DNS name; write it without a port"
                  .formatted(address));
        }
      }
      return new Node(name, addresses);
    }

    public Node {
      addresses = List.copyOf(addresses);
    }

    private static boolean isIp(String address) {
      if (!IP.matcher(address).matches()) {
        return false;
      }
      try {
        return !InetAddress.ofLiteral(address).isAnyLocalAddress();
      } catch (IllegalArgumentException e) {
        return false;
      }
    }

    @Override
    public String kind() {
      return "node";
    }

    @Override
    public Duration lifetime() {
      return Duration.ofDays(365);
    }

    @Override
    public List<GeneralName> names() {
      List<GeneralName> names = new ArrayList<>(Subject.super.names());
      List<String> all = new ArrayList<>(addresses);
      LOCAL.stream().filter(local -> !all.contains(local)).forEach(all::add);
      for (String address : all) {
        names.add(
            new GeneralName(isIp(address) ? GeneralName.iPAddress : GeneralName.dNSName, address));
      }
      return names;
    }

    @Override
    public KeyPurposeId[] purposes() {
      return new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
    }
  }

  /// A hypervisor. Open vSwitch believes every server with a certificate of its authority, whatever
  /// its name: so a host's certificate is for clients only, and no host can pose as a controller to
  /// another one.
  ///
  /// @param name its `system-id`
  record Host(String name) implements Subject {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");

    /// @throws PkiException naming the value and what would be accepted
    public static Host of(String name) throws PkiException {
      if (!NAME.matcher(name).matches()) {
        throw new PkiException(
            ("'%s' is not a host's name; give its system-id (ovs-vsctl get open ."
                    + " external_ids:system-id), 1 to 64 letters, digits, '.', '_', ':' and '-'")
                .formatted(name));
      }
      return new Host(name);
    }

    @Override
    public String kind() {
      return "host";
    }

    @Override
    public Duration lifetime() {
      return Duration.ofDays(2 * 365);
    }

    @Override
    public KeyPurposeId[] purposes() {
      return new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth};
    }
  }

  /// `node` or `host`.
  String kind();

  /// How long a certificate is good for, unless another time is asked for.
  Duration lifetime();

  /// What it may be used for.
  KeyPurposeId[] purposes();

  /// Its subject alternative names; the first says what its bearer is.
  default List<GeneralName> names() {
    return List.of(
        new GeneralName(
            GeneralName.uniformResourceIdentifier, "heddle:%s:%s".formatted(kind(), name())));
  }
}
