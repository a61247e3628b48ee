//! Groups client addresses by network, for limits per client.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv6Net};

/// An IPv4 address, or the /64 prefix of an IPv6 address, which is what one customer of a provider gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Network(IpNet);

impl Network {
    pub(crate) fn of(address: IpAddr) -> Self {
        // An IPv4-mapped IPv6 address (`::ffff:192.0.2.7`) is the same machine as its IPv4 address.
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address).into(),
            IpAddr::V6(address) => Ipv6Net::new_assert(address, 64).trunc().into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_customer_are_one_network() {
        for (one, other, expected) in [
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false),
            ("192.0.2.7", "::ffff:192.0.2.7", true),
            ("2001:db8::1", "2001:db8::ffff:1", true),
            ("2001:db8::1", "2001:db8:0:1::1", false),
        ] {
            let network = |text: &str| Network::of(text.parse().unwrap());
            assert_eq!(network(one) == network(other), expected, "{one} {other}");
        }
    }
}
