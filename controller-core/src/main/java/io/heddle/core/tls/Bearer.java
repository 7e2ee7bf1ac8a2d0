package io.heddle.core.tls;

import io.heddle.core.model.HostId;
import io.heddle.core.model.NodeName;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What a certificate's bearer is: a URI among its subject alternative names says so
/// (`heddle:node:n1`, `heddle:host:hv1`). A certificate has one such URI, or it is nobody's.
public sealed interface Bearer {

  String NODE_PREFIX = "heddle:node:";
  String HOST_PREFIX = "heddle:host:";

  /// A node of the controller.
  record OfNode(NodeName name) implements Bearer {
    @Override
    public String toString() {
      return "node " + name;
    }
  }

  /// A hypervisor, by its system-id.
  record OfHost(HostId id) implements Bearer {
    @Override
    public String toString() {
      return "host " + id;
    }
  }

  static Optional<Bearer> of(X509Certificate certificate) {
    List<Bearer> found = new ArrayList<>(1);
    for (String uri : uris(certificate)) {
      try {
        if (uri.startsWith(NODE_PREFIX)) {
          found.add(new OfNode(new NodeName(uri.substring(NODE_PREFIX.length()))));
        } else if (uri.startsWith(HOST_PREFIX)) {
          found.add(new OfHost(new HostId(uri.substring(HOST_PREFIX.length()))));
        }
      } catch (IllegalArgumentException noName) {
        return Optional.empty();
      }
    }
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private static List<String> uris(X509Certificate certificate) {
    final int uri = 6; // RFC 5280 §4.2.1.6: uniformResourceIdentifier [6]
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(name -> name.get(0).equals(uri))
              .map(name -> String.valueOf(name.get(1)))
              .toList();
    } catch (CertificateParsingException unreadable) {
      return List.of();
    }
  }
}
