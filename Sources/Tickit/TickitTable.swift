/// The seven tables of the TICKIT sample database, in an order in which each one's references come first.
/// - Source: Redshift getting started guide, "Sample database".
package enum TickitTable: String, CaseIterable, Sendable {
    case category, date, venue, users, event, listing, sales

    package var rowCount: Int {
        switch self {
        case .category: 11
        case .date: 365
        case .venue: 202
        case .users: 49_990
        case .event: 8_798
        case .listing: 192_497
        case .sales: 172_456
        }
    }

    /// Objects that the rows are spread over, contiguously and evenly.
    package var partCount: Int {
        switch self {
        case .category, .date, .venue: 1
        case .event: 2
        case .users: 4
        case .listing, .sales: 8
        }
    }

    /// The key of a part, `sales/part-3.gz`.
    package func key(ofPart part: Int) -> String { "\(keyPrefix)\(part).gz" }
    package var keyPrefix: String { "\(rawValue)/part-" }

    /// Loads the table from the files that `TickitGenerator` writes.
    package func copyStatement(
        bucket: String = TickitTable.bucket, role: String = "arn:aws:iam::123456789012:role/blueshift"
    ) -> String {
        """
        COPY \(rawValue) FROM 's3://\(bucket)/\(keyPrefix)' CREDENTIALS 'aws_iam_role=\(role)'
        gzip DELIMITER ';' REGION 'us-west-2';
        """
    }

    package static let bucket = "tickit"

    /// With the keys of the getting started guide: facts and dimensions by their own ids, sorted by date where there is
    /// one.
    package var createStatement: String {
        switch self {
        case .category:
            """
            create table category(
                catid smallint not null distkey sortkey,
                catgroup varchar(10),
                catname varchar(10),
                catdesc varchar(50));
            """
        case .date:
            """
            create table date(
                dateid smallint not null distkey sortkey,
                caldate date not null,
                day character(3) not null,
                week smallint not null,
                month character(5) not null,
                qtr character(5) not null,
                year smallint not null,
                holiday boolean default('N'));
            """
        case .venue:
            """
            create table venue(
                venueid smallint not null distkey sortkey,
                venuename varchar(100),
                venuecity varchar(30),
                venuestate char(2),
                venueseats integer);
            """
        case .users:
            """
            create table users(
                userid integer not null distkey sortkey,
                username char(8),
                firstname varchar(30),
                lastname varchar(30),
                city varchar(30),
                state char(2),
                email varchar(100),
                phone char(14),
                likesports boolean,
                liketheatre boolean,
                likeconcerts boolean,
                likejazz boolean,
                likeclassical boolean,
                likeopera boolean,
                likerock boolean,
                likevegas boolean,
                likebroadway boolean,
                likemusicals boolean);
            """
        case .event:
            """
            create table event(
                eventid integer not null distkey,
                venueid smallint not null,
                catid smallint not null,
                dateid smallint not null sortkey,
                eventname varchar(200),
                starttime timestamp);
            """
        case .listing:
            """
            create table listing(
                listid integer not null distkey,
                sellerid integer not null,
                eventid integer not null,
                dateid smallint not null sortkey,
                numtickets smallint not null,
                priceperticket decimal(8,2),
                totalprice decimal(8,2),
                listtime timestamp);
            """
        case .sales:
            """
            create table sales(
                salesid integer not null,
                listid integer not null distkey,
                sellerid integer not null,
                buyerid integer not null,
                eventid integer not null,
                dateid smallint not null sortkey,
                qtysold smallint not null,
                pricepaid decimal(8,2),
                commission decimal(8,2),
                saletime timestamp);
            """
        }
    }
}
