import NIOCore
import NIOSSL
import NIOPosix
import NIOHTTP1
import Logging
import Crypto
