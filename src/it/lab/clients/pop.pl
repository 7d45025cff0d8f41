# Net::POP3, as a script of one's own uses it.
use strict;
use warnings;
use Net::POP3;

my ($host, $port, $user, $password, $tls, $authority) = @ARGV;
my @secure = $tls eq 'implicit' ? (SSL => 1, SSL_ca_file => $authority) : ();
my $pop = Net::POP3->new($host, Port => $port, @secure) or die "connect: $@\n";
defined $pop->login($user, $password) or die 'login: ' . ($pop->message // '?') . "\n";
my $lines = $pop->get(1) or die "get: no message\n";
print @$lines;
$pop->quit;
