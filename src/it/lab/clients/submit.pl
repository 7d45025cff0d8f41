# Net::SMTP, as a script of one's own uses it.
use strict;
use warnings;
use Net::SMTP;

my ($host, $port, $user, $password, $tls, $authority, $mail) = @ARGV;
my @secure = $tls eq 'implicit' ? (SSL => 1, SSL_ca_file => $authority) : ();
my $smtp = Net::SMTP->new($host, Port => $port, Hello => 'client.example.test', @secure) or die "connect: $@\n";
$smtp->auth($user, $password) or die 'auth: ' . ($smtp->message // '?') . "\n";
open my $file, '<', $mail or die "$mail: $!\n";
my @lines = <$file>;
$smtp->mail('lab@example.test') && $smtp->to('reader@example.test') && $smtp->data(@lines)
    or die 'send: ' . ($smtp->message // '?') . "\n";
$smtp->quit;
